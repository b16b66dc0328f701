"""The demo study: invented people, in the shape of the real study, answering through the pages' own storage code."""

from survey.demo.making import Made, make_demo
from survey.demo.staff import SignIn

__all__ = ["Made", "SignIn", "make_demo"]
