import { dateOf, type History } from 'markmonitor-certs';
import { formatAgo, formatDateTime } from '../format.js';
import { now } from '../state/clock.js';
import { useLive } from '../state/live.js';
import { Card } from './card.js';
import { Loaded } from './states.js';

interface HistoryProps {
  of: 'orders' | 'organizations' | 'contacts';
  id: string;
  /** Another one says that something happened: then it is asked for again. */
  version: string;
  known?: History[] | undefined;
}

export function HistoryOf({ of, id, version, known }: HistoryProps) {
  const history = useLive(
    `history ${of} ${id} ${version}`,
    ({ client }, signal) => client[of].history.list(id, { size: 100 }, { signal }).toArray({ limit: 500 }),
    undefined,
    known,
  );
  return (
    <Card title="History" class="history" beside={<span class="count">{history.value?.length}</span>}>
      <Loaded
        outcome={history}
        label="the history"
        show={(entries) => (
          <ol>
            {entries
              .toReversed()
              .toSorted(latestFirst)
              .map(({ id, dateCreated, userName, text }) => (
                <li key={id}>
                  <p dir="auto">{text}</p>
                  <p class="muted" title={formatDateTime(dateOf(dateCreated))}>
                    {formatAgo(dateOf(dateCreated), now())} · {userName ?? 'system'}
                  </p>
                </li>
              ))}
          </ol>
        )}
      />
    </Card>
  );
}

/** Those of the same moment are reversed by then, for the oldest comes first. */
const latestFirst = (a: History, b: History) => Number(dateOf(b.dateCreated) ?? 0) - Number(dateOf(a.dateCreated) ?? 0);
