import { Button, LinkButton } from '../../components/button.js';
import { ErrorNote, Note } from '../../components/states.js';
import type { Placed } from '../../portal/placing.js';
import { now } from '../../state/clock.js';
import { formSlot, placing } from '../../state/placing.js';
import { href } from '../../state/route.js';

/** Where the order of the form stands, and what can be done: it is never sent again by itself. */
export function PlacementNote({ placement }: { placement: Placed | undefined }) {
  if (!placement) return null;
  const { order, replaces, progress } = placement;
  const name = order.cert.commonName;
  const forget = () => placing.forget(formSlot);
  const send = () => void placing.send(formSlot);
  const look = () => void placing.look(formSlot);
  const another = () => void placing.place(formSlot, order, { replaces, notBefore: now().toISOString() });
  const buyAnother = <Button word="Order another one beside it" look="small danger" onClick={another} />;
  const toList = <a href={href('orders', '', { text: name })}>orders of this name</a>;
  switch (progress.kind) {
    case 'sending':
      return (
        <Note tone="active" role="status">
          <strong>Placing the order of {name}…</strong> You may leave this view; what comes of it is told.
        </Note>
      );
    case 'looking':
      return (
        <Note tone="active" role="status">
          <strong>Looking whether it was placed.</strong> The order of {name} was on its way when this page ended.
          Nothing is sent meanwhile.
        </Note>
      );
    case 'unknown':
      return (
        <ErrorNote what={`Nobody can tell yet whether the order of ${name} was placed.`} error={progress.error}>
          <p>Look at the {toList} before you send it again: each order costs money.</p>
          <div class="actions">
            <Button word="Look again" look="small" onClick={look} />
            <Button word="It is not there: send it" look="small danger" onClick={send} />
          </div>
        </ErrorNote>
      );
    case 'notPlaced':
      return (
        <Note tone="attention" role="status">
          <strong>The order of {name} was not placed.</strong> Nothing was bought.
          <div class="actions">
            <Button word="Send it now" look="small" onClick={send} />
            <Button word="Change it" look="small" onClick={forget} />
          </div>
        </Note>
      );
    case 'placed':
      return (
        <Note tone="good" role="status" action={<Button word="Write another one" look="small" onClick={forget} />}>
          <strong>
            {progress.isNew ? `The order of ${name} is placed.` : `The order of ${name} was there already.`}
          </strong>{' '}
          {!progress.isNew && 'Nothing was bought. '}
          <a href={href('order', progress.order.id)}>Show the order</a>
          {!progress.isNew && <div class="actions">{buyAnother}</div>}
        </Note>
      );
    case 'differs':
      return (
        <ErrorNote what="There is another order for this key." error={progress.error}>
          <div class="actions">
            <LinkButton word="Show it" look="small" href={href('order', progress.order.id)} />
            {buyAnother}
          </div>
        </ErrorNote>
      );
    case 'refused':
      return <ErrorNote what={`The order of ${name} was not placed.`} error={progress.error} />;
  }
}
