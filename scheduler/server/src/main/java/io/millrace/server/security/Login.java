package io.millrace.server.security;

import io.millrace.server.problem.ProblemException;
import io.millrace.server.problem.ProblemKind;
import java.util.Optional;

/** Checks names and passwords, slowly for those who guess. Thread-safe. */
final class Login {

  private final Accounts accounts;
  private final Passwords passwords;
  private final LoginLimit limit;

  Login(Accounts accounts, Passwords passwords, LoginLimit limit) {
    this.accounts = accounts;
    this.passwords = passwords;
    this.limit = limit;
  }

  /**
   * The account of this name and password.
   *
   * @throws ProblemException 401, the same whatever is wrong; 429 after too many
   */
  Account check(String name, String password, String address) {
    limit.enter(name, address);
    Optional<Account> account = accounts.find(name).filter(known -> !known.disabled());
    String hash = account.map(Account::passwordHash).orElse(null);
    if (!passwords.matches(password, hash) || account.isEmpty()) {
      throw new ProblemException(ProblemKind.NOT_LOGGED_IN, "the user or the password is wrong");
    }
    limit.passed(name, address);
    return account.get();
  }
}
