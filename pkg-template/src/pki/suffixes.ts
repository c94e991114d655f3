// For where a second file is a burden: the table of domain suffixes is part of the first.

import table from 'domain-suffixes';
import { takeSuffixes } from './judging.js';

takeSuffixes(table);
