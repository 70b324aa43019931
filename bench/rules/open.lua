-- Nothing to decide: what is left is to open the base and find the customer's figures.
policy "Open" {}

tiers "level" { { "one" } }
