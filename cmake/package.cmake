# Packages: filled in below.
