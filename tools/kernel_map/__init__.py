"""Reads Kbuild and Kconfig files of kernels; see tools/make-kernel-map."""
