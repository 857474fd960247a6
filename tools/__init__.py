"""What `./dev` calls: one step of the set-up or one command per module.

`main`, `environment` and what those two import run on a bare Python with nothing
but the standard library; the rest runs inside the environment they make.
"""
