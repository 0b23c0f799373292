# Fuzz targets of lib/cli.
