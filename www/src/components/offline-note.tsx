import { useEffect, useState } from 'preact/hooks';
import { Icon } from './icon.js';

/** Says when the network is gone, and what still works. */
export function OfflineNote() {
  const [isOnline, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const ended = new AbortController();
    for (const event of ['online', 'offline']) {
      addEventListener(event, () => setOnline(navigator.onLine), { signal: ended.signal });
    }
    return () => ended.abort();
  }, []);
  if (isOnline) return null;
  return (
    <div class="note tone-attention" role="status">
      <Icon name="alert" />
      <div>
        <strong>You are offline.</strong> Inspecting and the sandbox go on in this page; orders of the real service are
        shown as they were seen last.
      </div>
    </div>
  );
}
