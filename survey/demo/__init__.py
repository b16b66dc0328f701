"""The demo study: invented people who answer through the same storage code as the pages, in the shape of the real study."""

from survey.demo.making import Made, make_demo
from survey.demo.staff import SignIn

__all__ = ["Made", "SignIn", "make_demo"]
