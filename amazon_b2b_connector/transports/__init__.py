from . import as2_http
