-- Each entry of the trail has an id, so that one whose commit was in doubt, and which is written again, stands there once.
DELETE FROM audit WHERE group_id IS NOT NULL
   AND id NOT IN (SELECT MIN(id) FROM audit WHERE group_id IS NOT NULL GROUP BY group_id);

DROP INDEX audit_group;

CREATE UNIQUE INDEX audit_group ON audit (group_id);
