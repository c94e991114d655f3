import { Component, type ComponentChildren } from 'preact';
import { ErrorNote } from './states.js';

/** Shows an error of this page in place of the view that had it; the navigation goes on. Give it a key per view. */
export class Boundary extends Component<{ children: ComponentChildren }, { error?: unknown }> {
  static override getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    return error === undefined ? (
      this.props.children
    ) : (
      <ErrorNote error={error} retry={() => this.setState({ error: undefined })} />
    );
  }
}
