"""What a pull request proposes, and what becomes of the registry by it, judged by the people and policy of its base."""
