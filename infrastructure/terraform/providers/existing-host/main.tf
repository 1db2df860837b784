# Nothing is made: the state only knows which host this is.
resource "terraform_data" "host" {
  input = var.settings
}
