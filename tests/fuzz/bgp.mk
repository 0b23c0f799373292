# Fuzz targets of lib/bgp.
