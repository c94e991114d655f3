// What is missing in the environment is said when Next starts, and not to the first who logs in.
import './account.mjs';

export default {};
