"""Pure, frozen values of model governance: no input, no output, no clock."""
