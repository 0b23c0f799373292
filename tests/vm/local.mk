EXTRA_DIST += tests/vm/README tests/vm/run tests/vm/kernel.sh tests/vm/init tests/vm/guest \
	tests/vm/labs tests/vm/selftest.py
