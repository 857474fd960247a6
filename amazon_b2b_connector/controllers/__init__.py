from . import as2_route, download
