import { sessionOf } from '../session.js';
import { Orders } from './orders.jsx';

const Login = () => (
  <form method="post" action="/login">
    <label>
      Name <input name="name" autoComplete="username" />
    </label>
    <label>
      Password <input name="password" type="password" autoComplete="current-password" />
    </label>
    <button type="submit">Log in</button>
  </form>
);

export default async function Page() {
  const { name } = await sessionOf();
  return name ? <Orders /> : <Login />;
}
