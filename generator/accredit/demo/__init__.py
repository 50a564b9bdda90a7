"""A made-up organisation's registry with its history: written by `accredit demo`, to try everything out on."""
