package io.millrace.server.security;

import io.millrace.scheduler.audit.Audit;
import io.millrace.scheduler.store.Database;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.problem.ProblemKind;
import java.util.Optional;

/** Checks names and passwords, slowly for those who guess. Thread-safe. */
final class Login {

  private final Database database;
  private final Accounts accounts;
  private final Passwords passwords;
  private final LoginLimit limit;
  private final Audit audit;

  Login(Database database, Accounts accounts, Passwords passwords, LoginLimit limit, Audit audit) {
    this.database = database;
    this.accounts = accounts;
    this.passwords = passwords;
    this.limit = limit;
    this.audit = audit;
  }

  /**
   * The account of this name and password.
   *
   * @throws ProblemException 401, the same whatever is wrong; 429 after too many
   */
  Account check(String name, String password, String address) {
    LoginLimit.Entered entered = limit.enter(name, address);
    Optional<Account> known = accounts.find(name);
    Optional<Account> account = known.filter(one -> !one.disabled());
    String hash = account.map(Account::passwordHash).orElse(null);
    if (!passwords.matches(password, hash) || account.isEmpty()) {
      // An unknown name is not written down: it may be a password in the wrong place.
      String subject = known.map(Account::name).orElse("an unknown user");
      entered.reached().forEach(counted -> tell(counted, subject, address));
      throw new ProblemException(ProblemKind.NOT_LOGGED_IN, "the user or the password is wrong");
    }
    limit.passed(entered);
    return account.get();
  }

  private void tell(LoginLimit.Counted counted, String subject, String address) {
    String from = "too many failed logins from " + address;
    String detail =
        switch (counted) {
          case TOGETHER -> from + ": further ones of this user from there have to wait";
          case ADDRESS -> from + ": further ones of any user from there have to wait";
          case NAME ->
              "too many failed logins from several addresses, at last "
                  + address
                  + ": further ones have to wait, but where the user has logged in before";
        };
    database.useTransaction(
        handle -> audit.record(handle, Accounts.SYSTEM, "login.limit", subject, "", detail));
  }
}
