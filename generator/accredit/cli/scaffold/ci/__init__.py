"""What `accredit init --ci` writes beside a registry: pipelines, code owners, and settings of tools and editors."""
