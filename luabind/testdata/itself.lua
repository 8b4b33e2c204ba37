return require "itself"
