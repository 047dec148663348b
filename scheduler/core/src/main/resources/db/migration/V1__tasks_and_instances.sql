-- Instants are milliseconds since 1970 UTC; ${id}, ${text} and ${options} are what the database calls them.

-- Tells this installation from others in the ledgers of targets. One row.
CREATE TABLE installation (
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY (id)
) ${options};

-- Where tasks run. Slots in use are the sum over the running instances, never a counter of its own.
CREATE TABLE resource_group (
  id ${id},
  name VARCHAR(64) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  slots INT NOT NULL,
  backfill_minimum INT NOT NULL,
  CONSTRAINT resource_group_name UNIQUE (name)
) ${options};

CREATE TABLE workflow (
  id ${id},
  name VARCHAR(100) NOT NULL,
  owner VARCHAR(64) NOT NULL,
  description VARCHAR(1000) NOT NULL,
  CONSTRAINT workflow_name UNIQUE (name)
) ${options};

-- A task without a published version (0) does not run. What is versioned stands in content, as JSON.
-- Its recurring instances exist from recurs_from up to generated_until.
CREATE TABLE task (
  id ${id},
  name VARCHAR(100) NOT NULL,
  workflow_id BIGINT,
  owner VARCHAR(64) NOT NULL,
  description VARCHAR(1000) NOT NULL,
  labels VARCHAR(1000) NOT NULL,
  frozen BOOLEAN NOT NULL,
  deleted BOOLEAN NOT NULL,
  draft ${text},
  published INT NOT NULL,
  published_at BIGINT NOT NULL,
  recurs_from BIGINT NOT NULL,
  generated_until BIGINT NOT NULL,
  revision INT NOT NULL,
  CONSTRAINT task_name UNIQUE (name)
) ${options};
CREATE INDEX task_workflow ON task (workflow_id);
CREATE INDEX task_generated ON task (generated_until);

CREATE TABLE task_version (
  task_id BIGINT NOT NULL,
  version INT NOT NULL,
  content ${text} NOT NULL,
  published_by VARCHAR(64) NOT NULL,
  published_at BIGINT NOT NULL,
  note VARCHAR(1000) NOT NULL,
  PRIMARY KEY (task_id, version)
) ${options};

-- The dependencies of published versions, for finding cycles and dependants.
CREATE TABLE task_dependency (
  task_id BIGINT NOT NULL,
  upstream_id BIGINT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  PRIMARY KEY (task_id, upstream_id, kind)
) ${options};
CREATE INDEX task_dependency_upstream ON task_dependency (upstream_id);

-- One planned occurrence. The unique key makes a double firing harmless: run_key is the backfill of a
-- BACKFILL instance, a number of its own for a TEST or MANUAL one, and 0 for a RECURRING one.
CREATE TABLE instance (
  id ${id},
  task_id BIGINT NOT NULL,
  task_version INT NOT NULL,
  kind VARCHAR(12) NOT NULL,
  scheduled_at BIGINT NOT NULL,
  run_key BIGINT NOT NULL,
  scheduled_time VARCHAR(19) NOT NULL,
  business_date VARCHAR(10) NOT NULL,
  state VARCHAR(24) NOT NULL,
  mode VARCHAR(8) NOT NULL,
  reason VARCHAR(1000) NOT NULL,
  due_at BIGINT NOT NULL,
  pending INT NOT NULL,
  priority INT NOT NULL,
  slots INT NOT NULL,
  group_id BIGINT NOT NULL,
  max_parallel INT NOT NULL,
  parameters ${text} NOT NULL,
  generation INT NOT NULL,
  attempts INT NOT NULL,
  reruns INT NOT NULL,
  node VARCHAR(64) NOT NULL,
  epoch BIGINT NOT NULL,
  stop_reason VARCHAR(1000) NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  ready_at BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  finished_at BIGINT NOT NULL,
  CONSTRAINT instance_once UNIQUE (task_id, kind, scheduled_at, run_key)
) ${options};
CREATE INDEX instance_queue ON instance (state, group_id, priority, ready_at);
CREATE INDEX instance_due ON instance (state, pending, due_at);
CREATE INDEX instance_run ON instance (run_key, kind, business_date, state);
CREATE INDEX instance_changed ON instance (finished_at);
CREATE INDEX instance_node ON instance (node, state);

-- What an instance waits for: the instance of a task for a scheduled time, whether it exists yet or not.
CREATE TABLE instance_ancestor (
  instance_id BIGINT NOT NULL,
  task_id BIGINT NOT NULL,
  kind VARCHAR(12) NOT NULL,
  scheduled_at BIGINT NOT NULL,
  run_key BIGINT NOT NULL,
  satisfied BOOLEAN NOT NULL,
  PRIMARY KEY (instance_id, task_id, scheduled_at)
) ${options};
CREATE INDEX instance_ancestor_of ON instance_ancestor (task_id, scheduled_at, run_key, kind);

CREATE TABLE attempt (
  instance_id BIGINT NOT NULL,
  number INT NOT NULL,
  generation INT NOT NULL,
  begun BOOLEAN NOT NULL,
  node VARCHAR(64) NOT NULL,
  epoch BIGINT NOT NULL,
  state VARCHAR(12) NOT NULL,
  started_at BIGINT NOT NULL,
  finished_at BIGINT NOT NULL,
  records_read BIGINT NOT NULL,
  records_written BIGINT NOT NULL,
  records_dirty BIGINT NOT NULL,
  bytes_read BIGINT NOT NULL,
  error_code VARCHAR(64) NOT NULL,
  message VARCHAR(4000) NOT NULL,
  PRIMARY KEY (instance_id, number)
) ${options};
CREATE INDEX attempt_finished ON attempt (finished_at);

-- Nodes renew their lease here in the time of the store. epoch only grows: it fences a node that was
-- taken for dead.
CREATE TABLE node (
  name VARCHAR(64) NOT NULL,
  epoch BIGINT NOT NULL,
  lease_until BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  PRIMARY KEY (name)
) ${options};

CREATE TABLE backfill (
  id ${id},
  name VARCHAR(200) NOT NULL,
  task_id BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  plan ${text} NOT NULL,
  created_by VARCHAR(64) NOT NULL,
  created_at BIGINT NOT NULL,
  finished_at BIGINT NOT NULL,
  message VARCHAR(1000) NOT NULL
) ${options};
CREATE INDEX backfill_state ON backfill (state);

-- One business date of a backfill, in the order in which they are let go; slices count to the date in
-- which they end. content has the instances that are to be made when it is opened, as JSON.
CREATE TABLE backfill_step (
  backfill_id BIGINT NOT NULL,
  position INT NOT NULL,
  business_date VARCHAR(10) NOT NULL,
  state VARCHAR(16) NOT NULL,
  content ${text} NOT NULL,
  PRIMARY KEY (backfill_id, position),
  CONSTRAINT backfill_step_date UNIQUE (backfill_id, business_date)
) ${options};
CREATE INDEX backfill_step_state ON backfill_step (backfill_id, state, position);

-- Everything that somebody changed: who, when, what, why. Never a secret.
CREATE TABLE audit (
  id ${id},
  at BIGINT NOT NULL,
  who VARCHAR(64) NOT NULL,
  action VARCHAR(64) NOT NULL,
  subject VARCHAR(200) NOT NULL,
  why VARCHAR(1000) NOT NULL,
  detail VARCHAR(4000) NOT NULL
) ${options};
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_subject ON audit (subject);
