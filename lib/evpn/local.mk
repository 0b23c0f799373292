# Archive lib/libevpn.a; add files below.
