import { Component, type OnInit } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { program } from './program.mjs';

@Component({ selector: 'app-root', template: '' })
class App implements OnInit {
  async ngOnInit(): Promise<void> {
    document.title = `done: ${await program()}`;
  }
}

bootstrapApplication(App);
