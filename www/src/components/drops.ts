/** Says whether files are taken where they are now dragged; nothing of a drag that has none, such as of a text or a link. */
export function takesFiles(event: DragEvent, isTaken: boolean): boolean {
  const { dataTransfer } = event;
  if (!dataTransfer?.types.includes('Files')) return false;
  event.preventDefault();
  dataTransfer.dropEffect = isTaken ? 'copy' : 'none';
  return true;
}

/** Where no view takes a file, the browser would open it in place of the page. */
export function refuseFiles(): void {
  for (const type of ['dragover', 'drop'] as const) addEventListener(type, (event) => takesFiles(event, false));
}
