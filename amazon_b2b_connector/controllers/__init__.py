from . import as2_route, authorise, download
