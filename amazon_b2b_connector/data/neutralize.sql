-- a copy keeps no secret and reaches nobody
UPDATE amazon_b2b_certificate SET sealed_key = NULL, has_key = false;
UPDATE amazon_b2b_station SET url = 'https://neutralised.invalid/' WHERE kind = 'partner';
UPDATE amazon_b2b_connection SET notification_emails = NULL;
UPDATE amazon_b2b_connection
   SET sealed_refresh_token = NULL, token_tail = NULL, authorised_until = NULL,
       authorisation_state = 'none'
 WHERE kind = 'seller';
DELETE FROM amazon_b2b_access_token;
DELETE FROM amazon_b2b_consent;
UPDATE amazon_b2b_application SET sealed_secret = NULL, secret_tail = NULL;
