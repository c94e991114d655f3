export function saveFile(name: string, content: BlobPart): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // After the browser has taken it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A file name made of a host name: `*.example.com` gives `wildcard.example.com`. */
export function fileNameOf(commonName: string, ending: string): string {
  const name = commonName.replace(/^\*\./, 'wildcard.').replace(/[^\w.-]+/g, '_');
  return `${name.slice(0, 100) || 'certificate'}.${ending}`;
}
