-- A call that was under way when the gateway ended is looked up or asked about; those of before came to no end.
UPDATE mcp_calls SET state = 'failed', result = '{"content":[{"type":"text","text":"The gateway stopped in the middle of it: it may have been done."}],"isError":true}'
 WHERE state = 'unknown';
