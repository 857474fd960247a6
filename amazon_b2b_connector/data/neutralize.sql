-- a copy keeps no secret and reaches nobody
UPDATE amazon_b2b_certificate SET sealed_key = NULL, has_key = false;
UPDATE amazon_b2b_station SET url = 'https://neutralised.invalid/' WHERE kind = 'partner';
UPDATE amazon_b2b_connection SET notification_emails = NULL;
