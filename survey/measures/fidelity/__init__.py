"""How far a method is carried out as meant: evidence becomes scores, scores become figures, figures get a verdict."""
