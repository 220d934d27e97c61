"""Emergencies (应急预案): playbooks, and what is done by them with the clock running."""
