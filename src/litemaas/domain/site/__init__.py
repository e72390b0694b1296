"""What admins set for the whole site: defaults and maximums, who may enter, currency and branding."""
