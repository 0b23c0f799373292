# Archive lib/libcli.a; add files below.
