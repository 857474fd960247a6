from . import (
    acknowledge_confirm,
    go_live,
    invoice_again,
    map_lines,
    pack_rest,
    read_file,
    secret,
    shipping_numbers,
    test_message,
)
