"""`python -m insurers.mitsui_sumitomo.sandbox`"""

from insurers.sandbox import main

from . import build

PORT, CONTROL_PORT = 8101, 8102

if __name__ == "__main__":
    main(build, prog="mitsui-sumitomo-sandbox", port=PORT, control_port=CONTROL_PORT)
