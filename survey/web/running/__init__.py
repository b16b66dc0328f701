"""What keeps a server running, and lets others see how it is: health, logs, counters, serving, and what may come in."""
