import { ParseError } from 'markmonitor-certs';
import { useState } from 'preact/hooks';
import { ErrorNote } from '../../components/states.js';
import { documents } from '../../state/documents.js';
import { changeCsr, changeDraft, changeOrganization, contactsOf, type Draft } from '../../state/draft.js';
import { organizations } from '../../state/orders.js';
import { certTypes, typeWords } from '../../words.js';

const platforms = ['NGINX', 'APACHE', 'MICROSOFT_IIS_10', 'MICROSOFT_IIS_8', 'MICROSOFT_IIS_7', 'DEFAULT'];
const dcvMethods = {
  DNS_TXT_TOKEN: 'TXT record',
  DNS_CNAME_TOKEN: 'CNAME record',
  HTTP_TOKEN: 'File on the web server',
  EMAIL: 'Mail to the domain',
};

/** Everything that an order says. */
export function OrderFields({ draft }: { draft: Draft }) {
  return (
    <div class="stack">
      <section class="card stack">
        <h2>Certificate</h2>
        <CsrField csr={draft.csr} />
        <div class="columns">
          <Line draft={draft} name="commonName" label="Common name" />
          <Select
            draft={draft}
            name="certType"
            label="Type"
            options={certTypes.map((type) => [type, typeWords(type)])}
          />
        </div>
        <Lines draft={draft} name="dnsNames" label="Names, one per line" rows={3} />
        <div class="columns">
          <Select draft={draft} name="dcvMethod" label="Domain control" options={Object.entries(dcvMethods)} />
          <Select
            draft={draft}
            name="serverPlatform"
            label="Server"
            options={platforms.map((platform) => [platform, platform.replaceAll('_', ' ')])}
          />
        </div>
      </section>
      <Organization draft={draft} />
      <section class="card stack">
        <h2>Notes</h2>
        <Lines draft={draft} name="emails" label="Who else hears of it: e-mails, one per line" rows={2} />
        <Lines draft={draft} name="comments" label="Comments" rows={2} />
      </section>
    </div>
  );
}

function CsrField({ csr }: { csr: string }) {
  const [error, setError] = useState<unknown>();
  const change = (text: string) => {
    setError(undefined);
    changeCsr(text).catch((reason) => {
      if (text.trim() || !(reason instanceof ParseError)) setError(reason);
    });
  };
  const requests = documents.value.flatMap(({ id, name, reading }) =>
    reading?.kind === 'csr'
      ? [{ id, name: reading.inspection.csr.subject.commonName ?? name, pem: reading.inspection.csr.pem }]
      : [],
  );
  return (
    <>
      <label class="field">
        <span>Certificate request (CSR)</span>
        <textarea
          class="pem"
          rows={6}
          required
          spellcheck={false}
          autocomplete="off"
          placeholder="-----BEGIN CERTIFICATE REQUEST-----"
          value={csr}
          onInput={({ currentTarget }) => change(currentTarget.value)}
        />
      </label>
      {requests.length > 0 && (
        <div class="actions">
          {requests.map(({ id, name, pem }) => (
            <button key={id} type="button" class="button small" onClick={() => change(pem)}>
              Use <bdi>{name}</bdi>
            </button>
          ))}
        </div>
      )}
      {Boolean(error) && <ErrorNote error={error} />}
    </>
  );
}

function Organization({ draft }: { draft: Draft }) {
  const contacts = contactsOf(draft.organizationId);
  const toggle = (id: string) => {
    const isChosen = draft.contactIds.includes(id);
    changeDraft({
      contactIds: isChosen ? draft.contactIds.filter((other) => other !== id) : [...draft.contactIds, id],
    });
  };
  return (
    <section class="card stack">
      <h2>Organization</h2>
      <label class="field">
        <span>Name</span>
        <select
          required
          value={draft.organizationId}
          onChange={({ currentTarget }) => changeOrganization(currentTarget.value)}
        >
          <option value="">Choose one</option>
          {[...organizations.value.values()].map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {contacts.length > 0 && (
        <fieldset class="choices">
          <legend class="muted">Contacts</legend>
          {contacts.map(({ id = '', firstName, lastName, email, contactTypes = [] }) => (
            <label key={id}>
              <input type="checkbox" checked={draft.contactIds.includes(id)} onChange={() => toggle(id)} />
              <bdi>
                {firstName} {lastName}
              </bdi>
              <bdi class="muted">{email}</bdi>
              {contactTypes.some(({ type }) => type === 'EXTENDED_VALIDATION_APPROVER') && <small>EV approver</small>}
            </label>
          ))}
        </fieldset>
      )}
    </section>
  );
}

interface TextProps {
  draft: Draft;
  name: 'commonName' | 'dnsNames' | 'emails' | 'comments';
  label: string;
}

function Line({ draft, name, label }: TextProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        required
        autocomplete="off"
        spellcheck={false}
        value={draft[name]}
        onInput={({ currentTarget }) => changeDraft({ [name]: currentTarget.value })}
      />
    </label>
  );
}

function Lines({ draft, name, label, rows }: TextProps & { rows: number }) {
  return (
    <label class="field">
      <span>{label}</span>
      <textarea
        rows={rows}
        spellcheck={false}
        value={draft[name]}
        onInput={({ currentTarget }) => changeDraft({ [name]: currentTarget.value })}
      />
    </label>
  );
}

type Choice = 'certType' | 'dcvMethod' | 'serverPlatform';

interface SelectProps {
  draft: Draft;
  name: Choice;
  label: string;
  options: readonly (readonly [string, string])[];
}

function Select({ draft, name, label, options }: SelectProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={draft[name]} onChange={({ currentTarget }) => changeDraft({ [name]: currentTarget.value })}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
