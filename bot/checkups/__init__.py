"""What `paperboy doctor` looks at, each a finding with what to do about it; nothing is changed."""
