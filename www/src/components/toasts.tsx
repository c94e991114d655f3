import { toasts } from '../state/toasts.js';
import { Icon } from './icon.js';

/** The messages of the last moments. */
export function Toasts() {
  return (
    <div class="toasts" role="status">
      {toasts.value.map(({ id, text }) => (
        <p key={id} class="toast tone-good">
          <span class="tone-icon">
            <Icon name="done" />
          </span>
          <bdi>{text}</bdi>
        </p>
      ))}
    </div>
  );
}
