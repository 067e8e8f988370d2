-- Of the nonce a registration token was used with, hexadecimal: the lost reply is given again to who knows it.
ALTER TABLE registration_tokens ADD COLUMN nonce_sha256 VARCHAR(64);
