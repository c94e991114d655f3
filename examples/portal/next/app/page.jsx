export default () => (
  <form method="post" action="/login">
    <label>
      Name <input name="name" />
    </label>
    <label>
      Password <input name="password" type="password" />
    </label>
    <button type="submit">Log in</button>
  </form>
);
