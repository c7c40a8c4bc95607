"""``python -m atshell.kernel -f CONNECTION_FILE``, as the kernel specification starts it."""

from ipykernel.kernelapp import IPKernelApp

from atshell.kernel.kernel import ATKernel

if __name__ == "__main__":
    IPKernelApp.launch_instance(kernel_class=ATKernel)
