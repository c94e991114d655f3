import type { NewOrder, Validation } from 'markmonitor-certs';
import { ValidationBadge } from '../../components/order-signs.js';
import { organizationOf } from '../../state/orders.js';
import { href } from '../../state/route.js';
import { levelOf } from '../../words.js';

/** OV and EV orders wait for the validation of their organization. */
export function ValidationNote({ order: { certType, organizationId } }: { order: NewOrder }) {
  const level = levelOf(certType);
  const organization = organizationOf(organizationId);
  if (level === 'DV' || !organization) return null;
  const missing: Partial<Validation> = { type: level, status: 'missing' };
  const validation = organization.validations?.find(({ type }) => type === level) ?? missing;
  return (
    <p>
      <a href={href('organization', organizationId)}>{organization.name}</a> <ValidationBadge validation={validation} />
      {!validation.dateValidatedUntil && <small class="muted"> The order waits for it.</small>}
    </p>
  );
}
