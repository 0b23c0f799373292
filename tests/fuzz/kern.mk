# Fuzz targets of lib/kern.
