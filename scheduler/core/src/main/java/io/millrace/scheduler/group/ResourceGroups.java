package io.millrace.scheduler.group;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.scheduler.error.SchedulerError;
import io.millrace.scheduler.store.UniqueKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The resource groups in the store. Every call works within the given handle's transaction.
 * Stateless, so safe for use by several threads.
 */
public final class ResourceGroups {

  private static final UniqueKey NAME = new UniqueKey("resource_group_name");

  private static final int DEFAULT_SLOTS = 8;

  /** Makes the default group when it is not there yet. */
  public void ensureDefault(Handle handle) {
    if (find(handle, ResourceGroup.DEFAULT_NAME).isPresent()) {
      return;
    }
    try {
      create(
          handle,
          new ResourceGroup(0, ResourceGroup.DEFAULT_NAME, GroupKind.DEFAULT, DEFAULT_SLOTS, 1));
    } catch (MillraceException e) {
      if (e.errorCode() != SchedulerError.CONFLICT) {
        throw e;
      }
      // Another node that starts at the same time was faster.
    }
  }

  /** Makes a group; its id is given by the store. */
  public ResourceGroup create(Handle handle, ResourceGroup group) {
    String taken = "there is already a resource group '" + group.name() + "'";
    if (find(handle, group.name()).isPresent()) {
      throw SchedulerError.conflict(taken);
    }
    NAME.claim(
        taken,
        () ->
            handle
                .createUpdate(
                    "INSERT INTO resource_group (name, kind, slots, backfill_minimum)"
                        + " VALUES (:name, :kind, :slots, :minimum)")
                .bind("name", group.name())
                .bind("kind", group.kind().name())
                .bind("slots", group.slots())
                .bind("minimum", group.backfillMinimum())
                .execute());
    return get(handle, group.name());
  }

  /** Changes the capacity; what runs goes on, what waits sees it at once. */
  public void resize(Handle handle, String name, int slots, int backfillMinimum) {
    ResourceGroup now = get(handle, name);
    ResourceGroup wanted =
        new ResourceGroup(now.id(), now.name(), now.kind(), slots, backfillMinimum);
    handle
        .createUpdate(
            "UPDATE resource_group SET slots = :slots, backfill_minimum = :minimum WHERE id = :id")
        .bind("id", wanted.id())
        .bind("slots", wanted.slots())
        .bind("minimum", wanted.backfillMinimum())
        .execute();
  }

  public List<ResourceGroup> all(Handle handle) {
    return handle
        .createQuery("SELECT * FROM resource_group ORDER BY id")
        .map((row, context) -> group(row))
        .list();
  }

  public Optional<ResourceGroup> find(Handle handle, String name) {
    return handle
        .createQuery("SELECT * FROM resource_group WHERE name = :name")
        .bind("name", name)
        .map((row, context) -> group(row))
        .findOne();
  }

  /**
   * The group of this name.
   *
   * @throws MillraceException when there is none
   */
  public ResourceGroup get(Handle handle, String name) {
    return find(handle, name).orElseThrow(() -> wrong("there is no resource group '" + name + "'"));
  }

  /**
   * The group of this id.
   *
   * @throws MillraceException when there is none
   */
  public ResourceGroup get(Handle handle, long id) {
    return handle
        .createQuery("SELECT * FROM resource_group WHERE id = :id")
        .bind("id", id)
        .map((row, context) -> group(row))
        .findOne()
        .orElseThrow(() -> wrong("there is no resource group " + id));
  }

  /**
   * Locks a group until the end of the transaction: one dispatcher at a time gives out its slots.
   */
  public Optional<ResourceGroup> lock(Handle handle, long id) {
    return handle
        .createQuery("SELECT * FROM resource_group WHERE id = :id FOR UPDATE")
        .bind("id", id)
        .map((row, context) -> group(row))
        .findOne();
  }

  private static ResourceGroup group(ResultSet row) throws SQLException {
    return new ResourceGroup(
        row.getLong("id"),
        row.getString("name"),
        GroupKind.valueOf(row.getString("kind")),
        row.getInt("slots"),
        row.getInt("backfill_minimum"));
  }

  private static MillraceException wrong(String what) {
    return new MillraceException(StandardError.CONFIGURATION, what);
  }
}
